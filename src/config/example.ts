/** What `plimsoll init` writes: every setting once, most of them as comments. */
export function exampleConfig(): string {
  return `# yaml-language-server: $schema=./node_modules/plimsoll/dist/schema/config.schema.json
# Settings of Plimsoll. All of them may be left out.

# Which combination of compose files is production; without it Plimsoll finds it.
# stack:
#   files: [docker-compose.yml, docker-compose.prod.yml]
#   profiles: []

# A budget that is missed fails \`plimsoll prove\`.
budgets:
  service.healthy.time: 15 s
  service.stop.time: 2 s
  image.secrets: 0
#   image.size.overBase: 60 MB
#   build.codeChange: 5 s
#   service.readOnlyRoot: true

# Other budgets for one service.
# serviceBudgets:
#   web:
#     image.size.overBase: 3 MB

# prove:
#   runs: 3
#   env: { LOG_LEVEL: info }      # no secrets: this file is in git
#   api: [/api/health]
#   deepLink: /settings

# failOn: error

# ignore:
#   - rule: no-memory-limit
#     reason: the host is sized for this one service
#     until: 2027-01-31
`;
}
