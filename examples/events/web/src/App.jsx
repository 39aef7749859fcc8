import { useEffect, useState } from 'react';
import { createJob, listJobs, resultUrl } from './api.js';
import { summaryOf } from './summary.js';

/** Two pages, told apart by the path: / and /history. */
export function App() {
  const [path, setPath] = useState(location.pathname);
  const [jobs, setJobs] = useState([]);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);

  const load = () =>
    listJobs()
      .then(setJobs)
      .catch((problem) => setError(problem.message));

  useEffect(() => {
    load();
    const onPop = () => setPath(location.pathname);
    addEventListener('popstate', onPop);
    return () => removeEventListener('popstate', onPop);
  }, []);

  function go(event, to) {
    event.preventDefault();
    history.pushState(null, '', to);
    setPath(to);
  }

  async function upload(event) {
    const file = event.target.files[0];
    if (!file) return;
    setBusy(true);
    setError('');
    try {
      const job = await createJob(file);
      await load();
      location.assign(resultUrl(job));
    } catch (problem) {
      setError(problem.message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <main>
      <h1>Tidy Events</h1>
      <nav>
        <a href="/" onClick={(event) => go(event, '/')}>
          Upload
        </a>
        <a href="/history" onClick={(event) => go(event, '/history')}>
          History
        </a>
      </nav>
      {error && <p role="alert">{error}</p>}
      {path === '/history' ? (
        <ul>
          {jobs.map((job) => (
            <li key={job.id}>
              <a href={resultUrl(job)}>{job.name}</a> <span>{summaryOf(job)}</span>
            </li>
          ))}
        </ul>
      ) : (
        <label>
          {busy ? 'Cleaning …' : 'Choose a CSV of events'}
          <input type="file" accept=".csv,text/csv" onChange={upload} disabled={busy} />
        </label>
      )}
    </main>
  );
}
