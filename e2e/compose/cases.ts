/** One constructed input: files, what to load, and whether Compose refuses it. */
export interface ComposeCase {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly load?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly profiles?: readonly string[];
  /** Compose stops with an error, and Plimsoll names a problem. */
  readonly refused?: true;
}

export const BASE = 'compose.yml';

export const COMPOSE_CASES: readonly ComposeCase[] = [
  {
    title: 'ports of two files are appended, and the same port is kept once',
    load: [BASE, 'prod.yml'],
    files: {
      [BASE]:
        'services:\n  a:\n    image: x\n    ports: ["80:80", "127.0.0.1:81:81/udp", "9000-9002:9000-9002", 7000]\n',
      'prod.yml':
        'services:\n  a:\n    ports: ["80:80", "8080:80", {target: 443, published: "443", protocol: tcp, mode: host}, "[::1]:5:5"]\n',
    },
  },
  {
    title: 'an empty list resets nothing, !reset does, !override replaces',
    load: [BASE, 'prod.yml'],
    files: {
      [BASE]:
        'services:\n  a:\n    image: x\n    ports: ["1:1"]\n    expose: [1]\n    environment: {A: 1, B: 2}\n    dns: [1.1.1.1]\n    labels: {l: 1, m: 2}\n    command: [a]\n',
      'prod.yml':
        'services:\n  a:\n    ports: []\n    expose: !reset []\n    environment:\n      A: !reset null\n      C: 3\n    dns: !override [2.2.2.2]\n    labels: !override\n      n: 3\n    command: !reset null\n',
    },
  },
  {
    title: 'volumes are merged by target in the short and the long form',
    load: [BASE, 'prod.yml'],
    files: {
      [BASE]:
        'services:\n  a:\n    image: x\n    volumes: [data:/data, ./src:/app, /anon, "./ro:/ro:ro,z", "data:/c:nocopy"]\nvolumes: {data: , other: {driver: local, labels: [q=1]}}\n',
      'prod.yml':
        'services:\n  a:\n    volumes:\n      - {type: volume, source: other, target: /data, volume: {nocopy: true, subpath: p}}\n      - {type: tmpfs, target: /app, tmpfs: {size: 64m, mode: 0700}}\n      - {type: bind, source: ../up, target: /up, read_only: true, bind: {propagation: rslave, create_host_path: false}}\nvolumes: {other: {labels: {r: 2}}}\n',
    },
  },
  {
    title: 'environment merges over list and mapping forms, with every kind of value',
    load: [BASE, 'prod.yml'],
    env: { PASSED: 'from shell' },
    files: {
      [BASE]:
        'services:\n  a:\n    image: x\n    environment:\n      A: 1\n      B: true\n      C: 1.50\n      D: "quoted"\n      E:\n      PASSED:\n      F: 0x10\n      G: 0755\n      H: yes\n      I: 1e3\n      J: 0o17\n',
      'prod.yml': 'services:\n  a:\n    environment: [A=2, NEW, PASSED, Z=a=b]\n',
    },
  },
  {
    title: 'every form of interpolation, nested, with a .env file',
    env: { SHELL_WINS: 'shell' },
    files: {
      '.env':
        'SET=set\nEMPTY=\nSHELL_WINS=file\nexport EXPORTED=yes\nQUOTED="a b\\nc # d"\nSINGLE=\'raw $SET\'\nINLINE=v # comment\nREF=${SET}-x\nDEF=${NOPE:-d}\nYAML: style\nMULTI="one\ntwo"\n# comment\nDOLLAR=a$$b\n',
      [BASE]:
        'services:\n  a:\n    image: x\n    environment:\n      A: $SET\n      B: ${SET}\n      C: ${NOPE:-default}\n      D: ${EMPTY:-default}\n      E: ${EMPTY-default}\n      F: ${NOPE-default}\n      G: ${SET:+alt}\n      H: ${EMPTY:+alt}\n      I: ${EMPTY+alt}\n      J: ${NOPE+alt}\n      K: ${NOPE:-${SET:-x}}\n      L: ${NOPE:-${NOPE2:-deep}}\n      M: $$LITERAL $${SET}\n      N: ${SET:?must}\n      O: ${SHELL_WINS} ${EXPORTED}\n      P: ${QUOTED}\n      Q: ${SINGLE}\n      R: ${INLINE}|${REF}|${DEF}|${YAML}\n      S: ${MULTI}\n      T: ${DOLLAR}\n      U: "${NOPE:-{}}"\n      V: a$SET-b${SET}c\n      W: costs 5$ or $1\n      X: "${NOPE:-http://h:80/?q=1}"\n',
    },
  },
  {
    title: 'env files of services in all forms',
    files: {
      'a.env': 'A=1\nB=2\nSHARED=a\n',
      'b.env': 'B=3\nSHARED=${FROM_ENV}\nREF=${A}\n',
      '.env': 'FROM_ENV=project\n',
      [BASE]:
        'services:\n  a:\n    image: x\n    env_file: a.env\n    environment: {A: own}\n  b:\n    image: x\n    env_file: [a.env, {path: b.env, required: true}, {path: none.env, required: false}]\n',
    },
  },
  {
    title: 'anchors, aliases, merge keys and extensions',
    files: {
      [BASE]:
        'x-env: &env\n  A: 1\n  B: 2\nx-base: &base\n  image: x\n  restart: always\n  environment: &more\n    <<: *env\n    C: 3\nx-log: &log {logging: {driver: json-file, options: {max-size: 1m}}}\nservices:\n  a:\n    <<: [*base, *log]\n    restart: "no"\n  b:\n    <<: *base\n    environment:\n      <<: *more\n      B: 9\n    x-note: {a: [1, 2]}\n',
    },
  },
  {
    title: 'extends in the same file and from another folder',
    files: {
      [BASE]:
        'services:\n  a:\n    extends: base\n    command: two\n    ports: ["2:2"]\n  base:\n    image: x\n    command: one\n    ports: ["1:1"]\n    environment: {A: 1}\n  c:\n    extends: {file: sub/other.yml, service: s}\n    environment: [B=2]\n',
      'sub/other.yml':
        'services:\n  s:\n    extends: {service: t}\n    build: {context: ./here, dockerfile: D}\n    volumes: [./v:/v]\n    env_file: e.env\n  t:\n    image: y\n    environment: {B: 1, C: 3}\n    depends_on: []\n    healthcheck: {test: [CMD, x]}\n',
      'sub/e.env': 'FROM=file\n',
    },
  },
  {
    title: 'include in the short and the long form',
    files: {
      [BASE]:
        'include:\n  - inc/a.yml\n  - path: [inc/b.yml, inc/b2.yml]\n    env_file: inc/b.env\n    project_directory: other\nservices:\n  top: {image: x, depends_on: [ia, ib]}\n',
      'inc/a.yml':
        'services:\n  ia:\n    build: ./ctx\n    volumes: [./d:/d, v:/v]\n    environment: {V: "${V:-none}"}\nvolumes: {v: }\n',
      'inc/.env': 'V=from-inc\n',
      'inc/b.yml': 'services:\n  ib: {image: "b:${TAG}", volumes: [./d:/d]}\n',
      'inc/b2.yml': 'services:\n  ib: {environment: {X: 1}}\n',
      'inc/b.env': 'TAG=7\n',
      'other/d/keep': '',
    },
  },
  {
    title: 'builds merge, in the short and the long form',
    load: [BASE, 'prod.yml'],
    files: {
      [BASE]:
        'services:\n  a:\n    build: ./a\n  b:\n    build:\n      context: .\n      dockerfile: b/Dockerfile\n      target: dev\n      args: {A: 1, B: }\n      additional_contexts: {x: ./x}\n      cache_from: [type=gha]\n      ssh: [default]\n      secrets: [s]\n      labels: [l=1]\n  c:\n    build: {context: ., dockerfile_inline: "FROM x"}\n  d:\n    build: https://github.com/o/r.git#main:sub\nsecrets: {s: {file: ./s.txt}}\n',
      'prod.yml':
        'services:\n  a: {build: {target: prod, args: [V=1]}}\n  b:\n    build: {target: prod, args: [A=2, C=3], additional_contexts: [y=docker-image://q, z=service:a], labels: {m: 2}, extra_hosts: ["h:1.2.3.4"], platforms: [linux/amd64], shm_size: 1g}\n',
    },
  },
  {
    title: 'health checks in all forms',
    files: {
      [BASE]:
        'services:\n  a: {image: x, healthcheck: {test: curl -f http://localhost, interval: 1m30s, timeout: 10s, retries: 3, start_period: 1h, start_interval: 500ms}}\n  b: {image: x, healthcheck: {test: [CMD, a, "b c"], retries: "5"}}\n  c: {image: x, healthcheck: {test: [CMD-SHELL, "a || exit 1"]}}\n  d: {image: x, healthcheck: {test: [NONE]}}\n  e: {image: x, healthcheck: {disable: true}}\n',
    },
  },
  {
    title: 'a test is replaced, the rest of a health check merges',
    load: [BASE, 'prod.yml'],
    files: {
      [BASE]:
        'services:\n  a: {image: x, healthcheck: {test: [CMD, a, b], interval: 5s}, entrypoint: [e], command: [c, d]}\n',
      'prod.yml':
        'services:\n  a: {healthcheck: {test: z, timeout: 1s}, entrypoint: "f \'g h\'", command: "sh -c \\"x y\\" z"}\n',
    },
  },
  {
    title: 'depends_on merges over both forms, and links and namespaces are dependencies',
    load: [BASE, 'prod.yml'],
    files: {
      [BASE]:
        'services:\n  a: {image: x, depends_on: [b, c], links: ["d:dd"], volumes_from: ["e:ro"]}\n  b: {image: x}\n  c: {image: x}\n  d: {image: x}\n  e: {image: x, network_mode: "service:b", ipc: "service:c"}\n',
      'prod.yml':
        'services:\n  a: {depends_on: {b: {condition: service_healthy, restart: true}, d: {condition: service_completed_successfully, required: false}}}\n',
    },
  },
  {
    title: 'networks in both forms, with the default one where it is used',
    load: [BASE, 'prod.yml'],
    files: {
      [BASE]:
        'services:\n  a: {image: x, networks: [front, back]}\n  b: {image: x}\n  c: {image: x, networks: {back: {aliases: [q], ipv4_address: 10.1.0.5}}}\n  h: {image: x, network_mode: host}\nnetworks:\n  front:\n  back: {internal: true, driver: bridge, ipam: {config: [{subnet: 10.1.0.0/16}]}, labels: {a: 1}}\n  unused: {}\n',
      'prod.yml':
        'services:\n  a: {networks: {back: {aliases: [z], priority: 5}}}\n  c: {networks: {back: {aliases: [r, q]}}}\nnetworks:\n  front: {external: true, name: outer}\n  back: {ipam: {config: [{subnet: 10.1.0.0/16, gateway: 10.1.0.1}]}, labels: [b=2]}\n  default: {driver: bridge, name: dflt}\n',
    },
  },
  {
    title: 'secrets and configs in both forms',
    load: [BASE, 'prod.yml'],
    env: { SV: 'x' },
    files: {
      [BASE]:
        'services:\n  a:\n    image: x\n    secrets: [s, {source: t, target: /x/t, uid: "10", gid: "10", mode: 0440}]\n    configs: [c, {source: d, target: /etc/d}]\nsecrets:\n  s: {file: ./s.txt}\n  t: {external: true, name: outer}\nconfigs:\n  c: {file: ./c.txt}\n  d: {content: "a: ${SV} $$x"}\n',
      'prod.yml': 'services:\n  a:\n    secrets: [{source: s, target: other}, u]\nsecrets:\n  u: {file: ./u.txt}\n',
    },
  },
  {
    title: 'profiles leave services and what only they use out',
    profiles: ['debug'],
    files: {
      [BASE]:
        'services:\n  a: {image: x}\n  b: {image: x, profiles: [debug], volumes: [vb:/v]}\n  c: {image: x, profiles: [other], volumes: [vc:/v], networks: [nc]}\nvolumes: {vb: , vc: }\nnetworks: {nc: }\n',
    },
  },
  {
    title: 'limits, deploy and ulimits in all units',
    load: [BASE, 'prod.yml'],
    files: {
      [BASE]:
        'services:\n  a:\n    image: x\n    mem_limit: 512m\n    memswap_limit: 1g\n    cpus: "0.50"\n    pids_limit: 100\n    shm_size: 64mb\n    stop_grace_period: 1m30s\n    ulimits: {nofile: 1024, nproc: {soft: 1, hard: 2}}\n  b:\n    image: x\n    deploy:\n      replicas: 2\n      resources: {limits: {cpus: "1.5", memory: 1.5G, pids: 10}, reservations: {memory: 256M}}\n      restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 120s}\n      update_config: {parallelism: 2, delay: 10s, order: start-first}\n      labels: {x: 1}\n  c: {image: x, scale: 3}\n',
      'prod.yml':
        'services:\n  a: {ulimits: {nofile: {soft: 5, hard: 6}}}\n  b: {deploy: {replicas: 4, resources: {limits: {cpus: "2"}}, labels: [y=2]}}\n',
    },
  },
  {
    title: 'hardening, logging and what else a service can say',
    load: [BASE, 'prod.yml'],
    files: {
      [BASE]:
        'services:\n  a:\n    image: x\n    init: true\n    read_only: true\n    privileged: false\n    user: "1000:1000"\n    cap_drop: [ALL]\n    cap_add: [NET_BIND_SERVICE]\n    security_opt: ["no-new-privileges:true"]\n    tmpfs: /run\n    restart: unless-stopped\n    stop_signal: SIGINT\n    container_name: fixed\n    hostname: h\n    platform: linux/amd64\n    pull_policy: if_not_present\n    extra_hosts: ["host.docker.internal:host-gateway", "six=::1"]\n    sysctls: [net.core.somaxconn=1024]\n    dns_search: example.com\n    logging: {driver: json-file, options: {max-size: 10m, max-file: 3}}\n    group_add: [100, adm]\n    devices: ["/dev/x:/dev/y:r"]\n    tty: "true"\n    working_dir: /w\n    labels: [traefik.enable=true, bare]\n    develop: {watch: [{action: sync, path: ./src, target: /src, ignore: [x/]}]}\n',
      'prod.yml':
        'services:\n  a:\n    cap_add: [NET_BIND_SERVICE, CHOWN]\n    tmpfs: [/run, "/tmp:size=64m"]\n    logging: {options: {max-size: 20m}}\n    labels: {traefik.enable: "false"}\n    sysctls: {net.core.somaxconn: 2048}\n    extra_hosts: {b: 1.1.1.1}\n',
    },
  },
  {
    title: 'another logging driver drops the options of the first',
    load: [BASE, 'prod.yml'],
    files: {
      [BASE]: 'services:\n  a: {image: x, logging: {driver: json-file, options: {max-size: 10m}}}\n',
      'prod.yml': 'services:\n  a: {logging: {driver: syslog, options: {tag: t}}}\n',
    },
  },
  {
    title: 'files in another folder take their paths from the first',
    load: ['deploy/base.yml', 'overrides/prod.yml'],
    files: {
      'deploy/base.yml':
        'name: my_project\nservices:\n  a: {build: ../app, volumes: ["./d:/d", "../up:/up"], env_file: a.env}\n',
      'deploy/.env': 'TAG=3\n',
      'deploy/a.env': 'A=1\n',
      'overrides/prod.yml': 'services:\n  a: {image: "x:${TAG}", volumes: ["./e:/e"]}\n',
    },
  },
  {
    title: 'several documents in one file are merged like files',
    files: { [BASE]: 'services:\n  a: {image: x, ports: ["1:1"]}\n---\nservices:\n  a: {ports: ["2:2"], image: y}\n' },
  },
  {
    title: 'CRLF, tabs in comments, a byte order mark and no final newline',
    files: {
      [BASE]:
        '\u{FEFF}# a\tb\r\nservices:\r\n  a:\r\n    image: "x"\r\n    environment:\r\n      - A=1\r\n    command: >\r\n      one\r\n      two',
    },
  },
  {
    title: 'block texts keep their lines and their variables',
    files: {
      '.env': 'V=1\n',
      [BASE]:
        'services:\n  a:\n    image: x\n    command:\n      - sh\n      - -c\n      - |\n        echo $$HOME ${V}\n        if [ -z "$$X" ]; then exit 1; fi\n    environment:\n      LONG: >-\n        folded\n        text: with colon\n',
    },
  },
];
