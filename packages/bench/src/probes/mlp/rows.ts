export { Rows } from '../rows.js';
