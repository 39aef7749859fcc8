// Where the API is. Set VITE_API_URL when it lives on another host.
const base = import.meta.env.VITE_API_URL ?? '/api';

async function ask(path, options) {
  const response = await fetch(`${base}${path}`, options);
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    throw new Error(body.detail ?? `The API answered ${response.status}.`);
  }
  return response.json();
}

export const listJobs = () => ask('/jobs');

export function createJob(file) {
  const form = new FormData();
  form.append('file', file);
  return ask('/jobs', { method: 'POST', body: form });
}

export const resultUrl = (job) => `${base}/jobs/${job.id}/result`;
