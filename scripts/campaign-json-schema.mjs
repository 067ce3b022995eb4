import { toJsonSchema } from '@valibot/to-json-schema';

/** The JSON Schema of campaign files, for editors. What it cannot say is left to the reader: that names are different. */
export function campaignJsonSchema(schema) {
  const { $schema, ...rest } = toJsonSchema(schema, { errorMode: 'ignore', target: 'draft-2020-12' });
  return {
    $schema,
    title: 'Hearken campaign',
    description: 'Models, tasks and evaluations for `hearken run`. Relative paths are relative to the file.',
    ...rest,
  };
}

/** Its file in packages/campaigns. */
export const schemaFile = 'schema/campaign.json';
