/** An administration program that lets anyone in unless it is told not to. */
export interface Console {
  readonly name: string;
  readonly image: RegExp;
  readonly ports: ReadonlySet<number>;
  /** Variables that set a login. */
  readonly login: RegExp;
  /** Words of the command that set one. */
  readonly guards: RegExp;
  /** A word of the command without which it is not open. */
  readonly opens?: RegExp;
  /** Mounted files that may set one. */
  readonly settings: RegExp;
  /** What whoever finds it can do. */
  readonly shows: string;
  readonly why: string;
  /** Where that stands. */
  readonly source: string;
}

const NEVER = /^\b$/;

/** As the projects' documents had it on 2026-06-01. */
const CONSOLES: readonly Console[] = [
  {
    name: 'Flower',
    image: /(?:^|\/)mher\/flower(?::|$)/,
    ports: new Set([5555]),
    login: /^FLOWER_(?:BASIC_AUTH|AUTH|OAUTH2_\w+)$/,
    guards: /basic[-_]auth|--auth|oauth|--conf/,
    settings: /flower/,
    shows: 'anyone sees and ends tasks',
    why: 'asks for no login without --basic-auth',
    source: 'flower.readthedocs.io/en/latest/auth.html',
  },
  {
    name: 'Redis Commander',
    image: /(?:^|\/)(?:rediscommander\/redis-commander|joeferner\/redis-commander)(?::|$)/,
    ports: new Set([8081]),
    login: /^HTTP_(?:USER|PASSWORD(?:_HASH)?)/,
    guards: /http-auth/,
    settings: /config/,
    shows: 'anyone reads and changes what Redis holds',
    why: 'asks for no login without HTTP_USER and HTTP_PASSWORD',
    source: 'github.com/joeferner/redis-commander README',
  },
  {
    name: 'Redis Insight',
    image: /(?:^|\/)redis(?:labs)?\/redisinsight(?::|$)/,
    ports: new Set([5540, 8001]),
    login: NEVER,
    guards: NEVER,
    settings: NEVER,
    shows: 'anyone reads and changes what Redis holds',
    why: 'has no login',
    source: 'redis.io/docs/latest/operate/redisinsight',
  },
  {
    name: 'mongo-express',
    image: /(?:^|\/)mongo-express(?::|$)/,
    ports: new Set([8081]),
    login: /^ME_CONFIG_BASICAUTH_(?:USERNAME|PASSWORD)/,
    guards: NEVER,
    settings: /config/,
    shows: 'it has no login of its own (none, or admin:pass)',
    why: 'asks for none, or for the one of its documents, without ME_CONFIG_BASICAUTH_USERNAME',
    source: 'github.com/mongo-express/mongo-express README',
  },
  {
    name: 'Kafka UI',
    image: /(?:^|\/)(?:provectuslabs\/kafka-ui|kafbat\/kafka-ui)(?::|$)/,
    ports: new Set([8080]),
    login: /^(?:AUTH_TYPE|SPRING_SECURITY_\w+|SPRING_CONFIG_\w+)$/,
    guards: NEVER,
    settings: /config|\.ya?ml$/,
    shows: 'anyone reads and changes topics',
    why: 'asks for no login without AUTH_TYPE',
    source: 'ui.docs.kafbat.io/configuration/authentication',
  },
  {
    name: 'Traefik',
    image: /(?:^|\/)traefik(?::|$)/,
    ports: new Set([8080]),
    login: NEVER,
    guards: /--api\.insecure=false/i,
    opens: /^--api\.insecure(?:=true)?$/i,
    settings: NEVER,
    shows: 'its dashboard shows every route to anyone',
    why: 'serves its dashboard without a login with --api.insecure',
    source: 'doc.traefik.io/traefik/operations/api',
  },
  {
    name: 'Dozzle',
    image: /(?:^|\/)amir20\/dozzle(?::|$)/,
    ports: new Set([8080]),
    login: /^DOZZLE_(?:AUTH_PROVIDER|USERNAME|PASSWORD)$/,
    guards: /auth-provider/,
    settings: /users\.ya?ml|\/data/,
    shows: 'anyone reads the logs of every container',
    why: 'asks for no login without DOZZLE_AUTH_PROVIDER',
    source: 'dozzle.dev/guide/authentication',
  },
  {
    name: 'Qdrant',
    image: /(?:^|\/)qdrant\/qdrant(?::|$)/,
    ports: new Set([6333, 6334]),
    login: /^QDRANT__SERVICE__(?:API_KEY|READ_ONLY_API_KEY|JWT_RBAC)$/,
    guards: /--config-path/,
    settings: /config/,
    shows: 'anyone reads and changes its collections',
    why: 'asks for no key without QDRANT__SERVICE__API_KEY',
    source: 'qdrant.tech/documentation/guides/security',
  },
  {
    name: 'Chroma',
    image: /(?:^|\/)chromadb\/chroma(?::|$)/,
    ports: new Set([8000]),
    login: /^CHROMA_(?:SERVER_)?AUTH\w*$/,
    guards: /config/,
    settings: /config/,
    shows: 'anyone reads and changes its collections',
    why: 'asks for no key without further settings',
    source: 'docs.trychroma.com',
  },
  {
    name: 'Prometheus',
    image: /(?:^|\/)prom\/prometheus(?::|$)/,
    ports: new Set([9090]),
    login: NEVER,
    guards: /--web\.config\.file/,
    settings: /web(?:-config|\.config)?\.ya?ml$/,
    shows: 'anyone reads its metrics and targets',
    why: 'asks for no login without --web.config.file',
    source: 'prometheus.io/docs/prometheus/latest/configuration/https',
  },
];

/** The administration program that an image holds. */
export function consoleOf(image: string): Console | undefined {
  return CONSOLES.find((console) => console.image.test(image));
}
