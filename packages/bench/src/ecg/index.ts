export type { EcgRecord } from './ecg-record.js';
export { fillGaps } from './fill-gaps.js';
export { findLeads, plainLeadName, selectLeads, standardLeads } from './lead-names.js';
export { parseEcgCsv } from './parse-ecg-csv.js';
export { parseEcgNpy } from './parse-ecg-npy.js';
export { ecgExtensions, isEcgFile, type ReadEcgOptions } from './ecg-files.js';
export { readEcgFile } from './read-ecg-file.node.js';
export { readWfdbRecord } from './read-wfdb.node.js';
export { parseWfdbHeader, type WfdbHeader, type WfdbSignal } from './wfdb-header.js';
