// The entry of the `plimsoll` command. It answers --version before it loads anything else: that is its start-up budget.
declare const PLIMSOLL_VERSION: string;

const first = process.argv[2];
if (process.argv.length === 3 && (first === '--version' || first === '-V')) {
  process.stdout.write(`${PLIMSOLL_VERSION}\n`);
} else {
  const { main } = await import('./cli.ts');
  process.exitCode = await main(process.argv.slice(2), PLIMSOLL_VERSION);
}
