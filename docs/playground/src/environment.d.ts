/** What Vite puts in place: whether this is a build, and no development server. */
declare const __IS_BUILT__: boolean;

/** A script of its own, as its URL. */
declare module '*?worker&url' {
  const url: string;
  export default url;
}
