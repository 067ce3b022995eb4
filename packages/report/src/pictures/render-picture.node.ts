import type { Picture } from './picture.js';
import { roleColors } from './colors.js';

/** A picture as SVG, both standalone and as part of a page whose theme colours it. */
export interface RenderedPicture {
  readonly file: string;
  readonly inline: string;
}

/** Draws pictures without a browser. ECharts is loaded with the first one: other commands do not need it. */
export async function renderPicture({ option, width, height, title, description }: Picture): Promise<RenderedPicture> {
  const { init } = await import('echarts');
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return styled(chart.renderToSVGString(), { title, description, width, height });
  } finally {
    // An open chart keeps the process alive.
    chart.dispose();
  }
}

/** Characters that are not allowed in XML 1.0 (section 2.2), and C1 controls, which terminals interpret. */
// eslint-disable-next-line no-control-regex
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Cs}/gu;

function styled(
  svg: string,
  { title, description, width, height }: Pick<Picture, 'title' | 'description' | 'width' | 'height'>,
): RenderedPicture {
  // Hover styles, and marks for a library that the page does not have.
  const plain = svg
    // They are not allowed in XML, even escaped; ECharts passes on the labels of clips and models unchanged.
    .replace(notXml, '\ufffd')
    .replace(/<style\s*>[\s\S]*?<\/style>/g, '')
    .replace(/ (?:ecmeta_\w+|class)="[^"]*"/g, '')
    // Shapes that ECharts draws hollow show the background; white texts are written as #ffffff.
    .replaceAll('fill="#fff"', `fill="${roleColors.surface}"`)
    .replace(/^<svg[^>]*>/, '');
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"`;
  const file = `${head}><title>${escaped(title)}</title><desc>${escaped(description)}</desc><rect width="${width}" height="${height}" fill="${roleColors.surface}"/>${plain}\n`;
  const themed = Object.entries(roleColors).reduce(
    (text, [role, color]) => text.replaceAll(`"${color}"`, `"var(--${role}, ${color})"`),
    plain,
  );
  return {
    file,
    inline: `${head} style="--width: ${width}px" aria-label="${escaped(`${title}. ${description}`)}">${themed}`,
  };
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(notXml, '\ufffd').replace(/[&<>"]/g, (character) => entities[character]);
}
