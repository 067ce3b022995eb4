import { toJsonSchema } from '@valibot/to-json-schema';

/**
 * The JSON Schema of a version of result files. What JSON Schema cannot say is left to the reader: that dates exist, and that
 * metrics, folds and seeds belong together.
 */
export function resultJsonSchema(schema, version) {
  const { $schema, ...rest } = toJsonSchema(schema, { errorMode: 'ignore', target: 'draft-2020-12' });
  return {
    $schema,
    title: `Hearken result, version ${version}`,
    description: 'The result of one model on one task, as `hearken run` writes it. Unknown fields are allowed.',
    ...rest,
  };
}

/** Its file in packages/results. */
export function schemaFile(version) {
  return `schema/result-${version}.json`;
}
