# What needs a package manager is built; the rest is assembled by ../assemble.py. R is the private registry.
variable "R" { default = "127.0.0.1:5000" }
group "default" { targets = ["dlcc","nginx","nginxu","postgres17","valkey","redis8","pybase-trixie"] }
group "more" { targets = ["dlbase","dlstatic","dlpython"] }
group "more-bookworm" { targets = ["pybase-bookworm","redis7","postgres15"] }
group "full" { targets = ["buildpack"] }
group "mon" { targets = ["prometheus","alertmanager","node-exporter","postgres-exporter","redis-exporter"] }
target "_" { context = "." }
target "t" {
  name = "${x.n}"
  inherits = ["_"]
  matrix = { x = [
    {n="dlcc",t="distroless-base",g="dl-cc"}, {n="dlbase",t="distroless-base-only",g="dl-base"}, {n="dlstatic",t="distroless-static",g="dl-static"}, {n="dlpython",t="distroless-python",g="dl-python"},
    {n="nginx",t="nginx",g="b-nginx"}, {n="nginxu",t="nginx-unprivileged",g="b-nginxu"}, {n="valkey",t="valkey",g="b-valkey"}, {n="redis8",t="redis",g="b-redis8"}, {n="pybase-trixie",t="pybase",g="pybase-trixie"}, {n="buildpack",t="buildpack",g="buildpack"},
    {n="prometheus",t="prometheus",g="b-prometheus"}, {n="alertmanager",t="alertmanager",g="b-alertmanager"}, {n="node-exporter",t="node-exporter",g="b-node-exporter"}, {n="postgres-exporter",t="postgres-exporter",g="b-postgres-exporter"}, {n="redis-exporter",t="redis-exporter",g="b-redis-exporter"} ] }
  target = x.t
  tags = ["${R}/standin:${x.g}"]
}
target "postgres17" {
  inherits = ["_"]
  target = "postgres"
  tags = ["${R}/standin:b-postgres17"]
}
target "postgres15" {
  inherits = ["_"]
  target = "postgres"
  args = { BASE = "bookworm-slim", PG = "15" }
  tags = ["${R}/standin:b-postgres15"]
}
target "redis7" {
  inherits = ["_"]
  target = "redis"
  args = { BASE = "bookworm-slim" }
  tags = ["${R}/standin:b-redis7"]
}
target "pybase-bookworm" {
  inherits = ["_"]
  target = "pybase"
  args = { BASE = "bookworm-slim" }
  tags = ["${R}/standin:pybase-bookworm"]
}
