import { x } from 'tinyexec';
import { readDataFromFiles } from '../src/repo/data-files.ts';
import { isProven, type ProvableCase, provableCases, writeRecord } from './proof-records.ts';
import { proveCase } from './proof-run.ts';

/** Which engine it is, as records name it. */
async function engineName(): Promise<string> {
  const { stdout } = await x('docker', ['version', '--format', '{{.Server.Version}}']);
  const standIns = process.env['PLIMSOLL_ENGINE_KIND'] === 'own' ? '' : ', stand-in base images';
  return `Docker ${stdout.trim()}${standIns}`;
}

async function main(words: readonly string[]): Promise<void> {
  readDataFromFiles();
  const wanted = words.filter((word) => !word.startsWith('--'));
  const every = words.includes('--all');
  const chosen = provableCases().filter(
    (one) =>
      (every || !isProven(one)) &&
      (wanted.length === 0 || wanted.some((word) => `${one.rule.id} ${one.name}`.includes(word))),
  );
  const engine = await engineName();
  const waiting = [...chosen];
  let [proven, failed, absent] = [0, 0, 0];
  const work = async (): Promise<void> => {
    for (let one: ProvableCase | undefined = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const result = await proveCase(one);
      const label = `${one.rule.id} ${one.name}`;
      if ('excerpt' in result) {
        writeRecord(one, {
          hash: one.hash,
          says: one.says,
          engine,
          date: new Date().toISOString().slice(0, 10),
          excerpt: result.excerpt,
        });
        proven++;
        process.stdout.write(`✓ ${label}: ${result.excerpt}\n`);
      } else if ('unavailable' in result) {
        absent++;
        process.stdout.write(`– ${label}: this engine has not got an image: ${result.unavailable}\n`);
      } else {
        failed++;
        process.stdout.write(
          `✗ ${label}: ${result.fault}\n${result.output.trimEnd().slice(-3000).replace(/^/gm, '    ')}\n`,
        );
      }
    }
  };
  await Promise.all([work(), work()]);
  process.stdout.write(`${proven} proven, ${failed} not, ${absent} not tried\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main(process.argv.slice(2));
