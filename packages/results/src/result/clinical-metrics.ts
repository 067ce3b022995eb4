/** Metrics of yes and no, which a clinician reads before any other. */
const clinicalMetrics = ['sensitivity', 'specificity', 'ppv', 'icbhi_sensitivity', 'icbhi_specificity'];

/** The clinical metrics among those of a result, besides the one that decides. */
export function clinicalMetricsOf({
  metric,
  names,
}: {
  readonly metric: string;
  readonly names: readonly string[];
}): string[] {
  return clinicalMetrics.filter((name) => name !== metric && names.includes(name));
}
