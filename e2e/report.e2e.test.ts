// The page as people see it: in Chromium, on a phone and on a desk, dark and light. It needs no engine.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../src/ledger/entry.ts';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { measures } from '../src/measure/names.ts';
import { openDirectory } from '../src/repo/directory.ts';
import { checkRepo } from '../src/report/check-repo.ts';

const project = join(import.meta.dirname, '..');
const executable = '/usr/bin/chromium';

/** Installs Debian's Chromium only where nobody is surprised by it. Undefined: it is there. */
function whyNoChromium(): string | undefined {
  if (existsSync(executable)) return undefined;
  const wanted = process.env['CI'] === 'true' || process.env['PLIMSOLL_INSTALL_CHROMIUM'] === '1';
  if (!wanted) return `${executable} is missing (PLIMSOLL_INSTALL_CHROMIUM=1 installs Debian's package)`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return 'only root on Debian can install Chromium';
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '--quiet'], { env, timeout: 180_000 });
  const { stderr } = spawnSync('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', 'chromium'], {
    env,
    encoding: 'utf8',
    timeout: 420_000,
  });
  return existsSync(executable) ? undefined : `apt-get install chromium failed: ${stderr.trim().split('\n').at(-1)}`;
}

const missing = whyNoChromium();
if (missing !== undefined) console.warn(`the page in a browser: not run, ${missing}`);

/** Evidence of every kind, with what makes pages break: long words, long logs, a row that nobody measured. */
function fill(folder: string): void {
  const ledger = openLedger(folder);
  const base = { run: 'r1', engine: { name: 'docker', version: '28.5.2', platform: 'linux/amd64' } } as const;
  const subject = (side: 'before' | 'after', service?: string): Entry['subject'] => ({
    side,
    stack: 'docker-compose.yml + docker-compose.production-with-a-long-name.yml',
    inputs: 'a'.repeat(64),
    ...(service === undefined ? {} : { service }),
  });
  const log = ledger.putLog(Array.from({ length: 300 }, (_, i) => `#${i} ${'/very/long/path'.repeat(20)}`).join('\n'));
  for (const side of ['before', 'after'] as const) {
    for (const service of ['api', 'web', undefined]) {
      for (const { name, title, scope, unit, quick } of measures) {
        if ((scope === 'stack') !== (service === undefined)) continue;
        const row = { ...base, subject: subject(side, service), measure: name, title, unit };
        if (!quick) ledger.append({ ...row, kind: 'not-measured', text: 'left out by --quick' });
        else if (side === 'before' && service === 'web' && name !== 'image.builds')
          ledger.append({ ...row, kind: 'not-measured', text: 'the image does not build' });
        else
          ledger.append({
            ...row,
            kind: 'measurement',
            value: unit === 'boolean' ? side === 'after' : unit === 'text' ? 'x'.repeat(120) : 12_345_678,
            budget: { text: 'yes', met: side === 'after' },
            text: `Dockerfile:5: process "/bin/sh -c ${'long-word-'.repeat(30)}" did not complete <b>&`,
            argv: ['docker', 'buildx', 'build', '--output', 'y'.repeat(200)],
            exit: side === 'after' ? 0 : 1,
            standIn: 'docker.io/library/python: python 3.12.1 on debian trixie',
            ...(typeof log === 'string' ? { log } : {}),
          });
      }
    }
    ledger.append({
      ...base,
      kind: 'assumption',
      subject: subject(side),
      measure: 'assumption',
      text: 'PASSWORD was made up',
    });
  }
  ledger.append({
    ...base,
    kind: 'measurement',
    subject: subject('after'),
    measure: 'part:dockerfile:api/Dockerfile',
    title: 'plan part dockerfile:api/Dockerfile works',
    value: true,
    text: 'shown to work by 5 measurements',
  });
  const { report } = checkRepo(openDirectory(join(project, 'examples', 'events')));
  for (const finding of report.findings)
    ledger.append({
      ...base,
      kind: 'prediction',
      subject: subject('before', finding.service),
      measure: `check.${finding.rule}`,
      title: finding.rule,
      text: finding.title,
      finding,
    });
}

/** Contrast of each kind of text with the ground, as WCAG 2 computes it. Runs in the page: scripts there are texts, so that the
 * types of a browser do not become known everywhere else. */
const RATIOS = `(() => {
  const light = (colour) => {
    const [r = 0, g = 0, b = 0] = (colour.match(/[\\d.]+/g) ?? []).map((n) => {
      const c = Number(n) / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = light(getComputedStyle(document.body).backgroundColor);
  return ['body', '.soft', '.good', '.bad', '.open', 'a'].map((selector) => {
    const ink = light(getComputedStyle(document.querySelector(selector)).color);
    return { selector, ratio: (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05) };
  });
})()`;

/** Follows every link with everything closed: where it leads must be open and visible afterwards. */
const FOLLOW = `(async () => {
  const links = [...document.querySelectorAll('a[href^="#"]')];
  const dead = [];
  for (const link of links) {
    for (const details of document.querySelectorAll('details')) details.open = false;
    link.click();
    await new Promise((later) => setTimeout(later, 5));
    const target = document.querySelector('details' + link.hash);
    if (target === null || !target.open || !target.checkVisibility()) dead.push(link.href);
  }
  return { links: links.length, cells: document.querySelectorAll('td a').length, dead };
})()`;

describe.skipIf(missing !== undefined)('the page in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-report-e2e-'));
  const requested: string[] = [];
  let browser: Browser;

  beforeAll(async () => {
    fill(folder);
    const made = spawnSync(process.execPath, [join(project, 'dist', 'cli.cjs'), 'report', folder], {
      encoding: 'utf8',
    });
    expect([made.status, made.stderr]).toEqual([0, '']);
    browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu'] });
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(width: number, colorScheme: 'dark' | 'light'): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    page.on('request', (request) => requested.push(request.url()));
    page.on('pageerror', (error) => requested.push(`error: ${error.message}`));
    await page.goto(pathToFileURL(join(folder, '.plimsoll', 'report.html')).href);
    return page;
  }

  describe.each([
    [390, 'light'],
    [390, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const)('%i px wide, %s', (width, scheme) => {
    it('needs no scrolling sideways, neither closed nor with everything open', async () => {
      const page = await open(width, scheme);
      const widths = (): Promise<number[]> =>
        page.evaluate<number[]>('[document.documentElement.scrollWidth, document.documentElement.clientWidth]');
      expect(await widths()).toEqual([width, width]);
      await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
      expect(await widths()).toEqual([width, width]);
      await page.context().close();
    });

    it('has text that stands out from its ground', async () => {
      const page = await open(width, scheme);
      const ratios = await page.evaluate<{ selector: string; ratio: number }[]>(RATIOS);
      expect(ratios).toHaveLength(6);
      expect(ratios.filter((r) => r.ratio < 4.5)).toEqual([]);
      await page.context().close();
    });
  });

  it('leads from every cell, assumption and prediction to evidence that opens', async () => {
    const page = await open(390, 'light');
    const result = await page.evaluate<{ links: number; cells: number; dead: string[] }>(FOLLOW);
    expect(result.dead).toEqual([]);
    expect(result.cells).toBeGreaterThan(100);
    expect(result.links).toBeGreaterThan(result.cells);
    await page.context().close();
  });

  it('asks nobody for anything', () => {
    expect(requested.filter((url) => !url.startsWith('file://'))).toEqual([]);
    expect(requested.length).toBeGreaterThan(0);
  });
});
