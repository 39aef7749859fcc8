/** A distribution in an old release that cannot be imported beside what it takes of another one, or under a newer Python. */
export interface Pair {
  readonly distribution: string;
  /** The first version that is mended; undefined: none is. */
  readonly below?: string;
  /** The first version that fails so. */
  readonly since?: string;
  /** What has to be imported, or the program that has to be started, for it to fail. */
  readonly imports: string;
  /** The other one, with the first version that does not fit and the Python that this one asks for. */
  readonly other?: { readonly distribution: string; readonly from: string; readonly python: string };
  /** Only under Pythons from this one, and below that one. */
  readonly pythonFrom?: string;
  readonly pythonBelow?: string;
  readonly text: string;
}

const WERKZEUG_3 = { distribution: 'werkzeug', from: '3', python: '3.8' };
const NUMPY_2 = { distribution: 'numpy', from: '2', python: '3.9' };
/** Before Python 3.12 the images bring a setuptools that still has pkg_resources. */
const SETUPTOOLS_82 = { distribution: 'setuptools', from: '82', python: '3.9' };

/** Looked up on 2026-11-21. Each was seen to fail with what pip took beside the release on that day (Werkzeug 3.1.9, SQLAlchemy 2.1.9,
 * NumPy 2.4.6, PyMongo 4.20.0, setuptools 84.2.1, Jinja2 3.1.6; kafka-python 1.3.5, 1.4.7 and 2.0.2 under Python 3.12, 2.0.3 is loaded),
 * but for three of which the archives were read: Chroma 0.4.15, 0.4.16 and 0.5.0, OpenTelemetry 0.30b0, 0.48b0 and 0.49b0,
 * sentence-transformers 1.2.1, 2.0.0, 2.2.2 and 2.3.0 with huggingface-hub 0.25.2 and 0.26.0. That the metadata let the other one in was
 * read for these, Flask 1.0.2 to 2.2.5, Motor 3.0.0 to 3.5.1, pandas 2.0.3, scikit-learn 1.0.2 and 1.2.2, OpenCV 4.5.5 and 4.9. Bounds read
 * in wheels: Flask 2.2.3 and 2.2.4, Flask-Login 0.6.2 and 0.6.3, Gunicorn 20.1.0 and 21.0.1; the rest are from the projects' changelogs. */
export const PAIRS: readonly Pair[] = [
  {
    distribution: 'flask',
    since: '2',
    below: '2.2.4',
    imports: 'flask',
    other: WERKZEUG_3,
    text: 'Flask before 2.2.4 imports url_quote, which Werkzeug 3 has no more',
  },
  {
    distribution: 'flask',
    below: '1.1.3',
    imports: 'flask',
    other: { distribution: 'jinja2', from: '3.1', python: '3.7' },
    text: 'Flask before 1.1.3 imports escape, which Jinja2 3.1 has no more',
  },
  {
    distribution: 'flask',
    since: '1.1.3',
    below: '2',
    imports: 'flask',
    other: { distribution: 'markupsafe', from: '2.1', python: '3.7' },
    text: 'the Jinja2 of Flask 1 imports soft_unicode, which MarkupSafe 2.1 has no more',
  },
  {
    distribution: 'flask-sqlalchemy',
    below: '3',
    imports: 'flask_sqlalchemy',
    other: { distribution: 'sqlalchemy', from: '2', python: '3.7' },
    text: 'Flask-SQLAlchemy before 3 asks for sqlalchemy.__all__, which SQLAlchemy 2 has no more',
  },
  {
    distribution: 'flask-login',
    below: '0.6.3',
    imports: 'flask_login',
    other: WERKZEUG_3,
    text: 'Flask-Login before 0.6.3 imports url_decode, which Werkzeug 3 has no more',
  },
  {
    distribution: 'flask-restplus',
    imports: 'flask_restplus',
    other: { distribution: 'werkzeug', from: '1', python: '3.7' },
    text: 'Flask-RESTPlus imports cached_property from werkzeug, which Werkzeug 1 has no more (Flask-RESTX goes on)',
  },
  {
    distribution: 'flask-script',
    imports: 'flask_script',
    other: { distribution: 'flask', from: '2', python: '3.7' },
    text: 'Flask-Script imports flask._compat, which Flask 2 has no more',
  },
  {
    distribution: 'motor',
    // Motor 2 asks for pymongo<4, 3.5.2 for pymongo<4.9.
    since: '3',
    below: '3.5.2',
    imports: 'motor',
    other: { distribution: 'pymongo', from: '4.9', python: '3.8' },
    text: 'Motor before 3.5.2 imports _QUERY_OPTIONS, which PyMongo 4.9 has no more',
  },
  {
    distribution: 'pandas',
    below: '2.1',
    imports: 'pandas',
    other: NUMPY_2,
    pythonBelow: '3.12',
    text: 'pandas before 2.1 is compiled for NumPy 1 and cannot be imported with NumPy 2',
  },
  {
    distribution: 'scikit-learn',
    below: '1.3',
    imports: 'sklearn',
    other: NUMPY_2,
    pythonBelow: '3.12',
    text: 'scikit-learn before 1.3 is compiled for NumPy 1 and cannot be imported with NumPy 2',
  },
  ...['opencv-python', 'opencv-python-headless'].map((distribution) => ({
    distribution,
    below: '4.10',
    imports: 'cv2',
    other: NUMPY_2,
    text: 'OpenCV before 4.10 is compiled for NumPy 1 and cannot be imported with NumPy 2',
  })),
  {
    distribution: 'chromadb',
    since: '0.4.16',
    // From here on it asks for numpy<2.
    below: '0.5.1',
    imports: 'chromadb',
    other: NUMPY_2,
    text: 'Chroma before 0.5.1 asks for np.float_, which NumPy 2 has no more',
  },
  {
    distribution: 'sentence-transformers',
    since: '2',
    below: '2.2.4',
    imports: 'sentence_transformers',
    other: { distribution: 'huggingface-hub', from: '0.26', python: '3.8' },
    text: 'sentence-transformers before 2.3 imports cached_download, which huggingface-hub 0.26 has no more',
  },
  {
    distribution: 'gunicorn',
    below: '21',
    imports: 'gunicorn',
    other: SETUPTOOLS_82,
    pythonFrom: '3.12',
    text: 'Gunicorn before 21 imports pkg_resources, which setuptools 82 has no more',
  },
  {
    distribution: 'opentelemetry-instrumentation-fastapi',
    since: '0.30',
    below: '0.49',
    imports: 'opentelemetry.instrumentation.fastapi',
    other: SETUPTOOLS_82,
    pythonFrom: '3.12',
    text: 'OpenTelemetry instrumentation before 0.49 imports pkg_resources, which setuptools 82 has no more',
  },
  {
    distribution: 'aioredis',
    imports: 'aioredis',
    pythonFrom: '3.11',
    text: 'aioredis cannot be imported under Python 3.11 or later: redis.asyncio takes its place',
  },
  {
    distribution: 'kafka-python',
    since: '1.3.5',
    below: '2.0.3',
    imports: 'kafka',
    pythonFrom: '3.12',
    text: 'kafka-python before 2.0.3 cannot be imported under Python 3.12 (no kafka.vendor.six.moves)',
  },
];
