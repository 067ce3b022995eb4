import type { GenericSchema } from 'valibot';

/** The JSON Schema of a version of result files. */
export function resultJsonSchema(schema: GenericSchema, version: number): Record<string, unknown>;

/** Its file in packages/results. */
export function schemaFile(version: number): string;

/** The JSON Schema of a version of profiles. */
export function profileJsonSchema(schema: GenericSchema, version: number): Record<string, unknown>;

/** A profile's file in packages/results. */
export function profileSchemaFile(version: number): string;
