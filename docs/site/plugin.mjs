// What Hearken's site adds to TypeDoc: modules under their import names with their package's README, exports grouped by
// the folder they come from, URLs with the guides' file names, links into the repository.
import { basename, dirname } from 'node:path';
import { Application, Converter, IndexEvent, JSX, KindRouter, PageEvent, ReflectionKind } from 'typedoc';
import { heading, nameDocument, openGroups, rankInSearch, withOtherAnchor } from './guide-pages.mjs';
import { addReadme, entryOf, topics } from './module-pages.mjs';
import { documentedVersion } from './public-entries.mjs';
import { linkAllToRepository } from './repository-links.mjs';
import { siteAddress } from './repository.mjs';

/** Pages are named after their files: `guides/first-benchmark.html`, `design/seeds.html`. */
class HearkenRouter extends KindRouter {
  getIdealBaseName(reflection) {
    const path = reflection.isDocument() ? reflection.project.files.getReflectionPath(reflection) : undefined;
    if (path === undefined) return super.getIdealBaseName(reflection);
    const folder = basename(dirname(path)) === 'design' ? 'design' : 'guides';
    return `${folder}/${basename(path, '.md').toLowerCase()}`;
  }
}

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.renderer.defineRouter('hearken', HearkenRouter);

  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return;
    const entry = entryOf(context.project, reflection);
    if (entry !== undefined) reflection.name = entry.name;
  });

  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    const { project } = context;
    for (const document of project.documents ?? []) nameDocument(project, document);
    for (const module of project.getChildrenByKind(ReflectionKind.Module)) addReadme(context, module);
    linkAllToRepository(project);
  });

  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
      if (!module.hasComment()) app.logger.warn(`Module ${module.name} has no comment with @packageDocumentation`);
    }
    for (const reflection of Object.values(project.reflections)) {
      const { comment } = reflection;
      if (comment === undefined || reflection.kindOf(ReflectionKind.ConstructorSignature)) continue;
      if (comment.blockTags.length > 0 && comment.summary.length === 0) {
        app.logger.warn(`The comment of ${reflection.getFullName()} has tags only, and no sentence`);
      }
    }
  });

  // After TypeDoc has made its own groups and categories.
  app.converter.on(
    Converter.EVENT_RESOLVE_END,
    ({ project }) => {
      for (const module of project.getChildrenByKind(ReflectionKind.Module)) module.categories = topics(module);
      const modules = project.groups?.find(({ title }) => title === 'Modules');
      if (modules !== undefined) modules.title = 'API';
      for (const reflection of Object.values(project.reflections)) rankInSearch(reflection);
    },
    -1000,
  );

  // Pages are much longer than comments, so lunr gives each of their words less weight.
  app.renderer.on(IndexEvent.PREPARE_INDEX, (event) => {
    event.searchFieldWeights.document = 10;
  });

  app.renderer.on(PageEvent.END, (page) => {
    page.contents = page.contents
      ?.replace(heading, withOtherAnchor)
      // The index is two thirds of a page's size, so docs/site/site.js loads it only for a search.
      .replace(/ async src=("[^"]*assets\/search\.js")/, ' data-src=$1');
  });

  app.renderer.hooks.on('head.end', ({ page }) =>
    JSX.createElement(
      JSX.Fragment,
      null,
      JSX.createElement('link', { rel: 'canonical', href: new URL(`latest/${page.url}`, siteAddress).href }),
      JSX.createElement('meta', { name: 'hearken-version', content: documentedVersion }),
      JSX.createElement('script', null, JSX.createElement(JSX.Raw, { html: openGroups })),
    ),
  );
}
