/** Replaced by Vite: whether this is a build and not the development server. */
declare const __IS_BUILT__: boolean;

/** The URL of a separate script. */
declare module '*?worker&url' {
  const url: string;
  export default url;
}
