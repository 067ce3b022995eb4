import type { GenericSchema } from 'valibot';

/** The JSON Schema of campaign files, for editors. */
export function campaignJsonSchema(schema: GenericSchema): Record<string, unknown>;

/** Its file in packages/campaigns. */
export const schemaFile: string;
