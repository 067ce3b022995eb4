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

/** The JSON Schema of a version of profiles. */
export function profileJsonSchema(schema, version) {
  const { $schema, ...rest } = toJsonSchema(schema, { errorMode: 'ignore', target: 'draft-2020-12' });
  return {
    $schema,
    title: `Hearken profile, version ${version}`,
    description: 'What a model costs on a machine, as `hearken profile` writes it. Unknown fields are allowed.',
    ...rest,
  };
}

/** Its file in packages/results. */
export function schemaFile(version) {
  return `schema/result-${version}.json`;
}

/** A profile's file in packages/results. */
export function profileSchemaFile(version) {
  return `schema/profile-${version}.json`;
}
