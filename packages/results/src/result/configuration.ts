/** Hyper-parameters of one training of a probe, as stored in result files: plain JSON values by name. */
export type ProbeConfiguration = Readonly<Record<string, unknown>>;
