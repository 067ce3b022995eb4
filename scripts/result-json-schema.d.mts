import type { GenericSchema } from 'valibot';

/** The JSON Schema of a version of result files. */
export function resultJsonSchema(schema: GenericSchema, version: number): Record<string, unknown>;

/** Its file in packages/results. */
export function schemaFile(version: number): string;
