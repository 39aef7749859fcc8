/** One line about a job, as the history shows it. */
export function summaryOf(job) {
  const parts = [`${job.kept} ${job.kept === 1 ? 'event' : 'events'} kept`];
  if (job.rejected > 0) parts.push(`${job.rejected} rejected`);
  if (job.duplicates > 0) parts.push(`${job.duplicates} seen twice`);
  return parts.join(', ');
}
