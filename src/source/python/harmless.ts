/** Calls that get an ASGI application and add no routes to it. Found in their documentation; a name that is missing here only
 * makes Plimsoll say "unknown". */
export const ASGI_HARMLESS =
  /^(uvicorn\.(run|Config)|hypercorn\.\S+|granian\.\S+|gunicorn\.\S+|fastapi\.testclient\.TestClient|starlette\.testclient\.TestClient|httpx\.(ASGITransport|AsyncClient|Client)|TestClient|print|isinstance|hasattr|getattr|id|repr|opentelemetry\..+|sentry_sdk\..+|fastapi\.openapi\.utils\.get_openapi|mangum\.Mangum|slowapi\..+|fastapi_pagination\.add_pagination|fastapi_cache\..+|fastapi_limiter\..+|starlette_exporter\.\S+|logfire\.\S+|asgi_lifespan\.\S+|fastapi_mcp\.FastApiMCP|ddtrace\..+|elasticapm\..+|tortoise\.contrib\..+|.*\.add_middleware|.*Middleware)$/;

/** Middleware classes of packages that pass requests on or refuse them, but answer none with success or a redirect. */
export const MIDDLEWARE_HARMLESS =
  /^((fastapi|starlette)\.middleware\.(?!httpsredirect).+|asgi_correlation_id\..+|slowapi\..+|starlette_exporter\.PrometheusMiddleware|prometheus_fastapi_instrumentator\..+|opentelemetry\..+|sentry_sdk\..+|sentry_asgi\..+|secure\..+|fastapi_profiler\..+|asgiref\..+|brotli_asgi\..+|starlette_context\..+|structlog\S*|uvicorn\.middleware\..+|fastapi_limiter\..+|starlette_csrf\..+|timing_asgi\..+|elasticapm\..+|ddtrace\..+|starlette_prometheus\.PrometheusMiddleware|brotli_middleware\..+|starsessions\..+|fastapi_sqlalchemy\..+|asgi_gzip\..+|zstd_asgi\..+|aws_xray_sdk\..+|authlib\..+|starlette_authlib\..+|guard\.middleware\..+)$/;

/** Flask extensions that add no routes of their own (others may: `flask_admin`, `flask_restx`, `flask_graphql`). */
export const FLASK_HARMLESS =
  /^(flask_(sqlalchemy|migrate|cors|login|jwt_extended|mail|bcrypt|wtf|caching|session|marshmallow|limiter|talisman|compress|babel|moment|seasurf|redis|pymongo|mongoengine|apscheduler|executor|assets|httpauth|principal|argon2|mailman|paranoid|sslify|static_digest|minify|htmlmin|reggie)\b.*|werkzeug\..+|waitress\.serve|gevent\..+|gunicorn\..+|opentelemetry\..+|sentry_sdk\..+|celery\.\S+|print|isinstance|id|logging\..+|asgiref\..+|ddtrace\..+|elasticapm\..+|flask\.\w+|redis\..+|sqlalchemy\..+)$/;
