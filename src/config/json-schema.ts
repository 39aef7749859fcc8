import { toJsonSchema } from '@valibot/to-json-schema';
import { configSchema } from './schema.ts';

/** The JSON Schema that editors use for `plimsoll.yaml`: generated, so that it cannot drift from what is read. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = toJsonSchema(configSchema, { errorMode: 'ignore' }) as Record<string, unknown>;
  return {
    ...schema,
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'https://unpkg.com/plimsoll/dist/schema/config.schema.json',
  };
}
