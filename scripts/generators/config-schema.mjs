// schema/config.schema.json: what plimsoll.yaml may say, from the schema that reads it. Published as plimsoll/schema/….
import { importTypeScript } from './rule-pages.mjs';

export async function files(root) {
  const { configJsonSchema } = await importTypeScript(root, 'src/config/json-schema.ts');
  return new Map([['schema/config.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`]]);
}
