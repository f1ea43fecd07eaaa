/**
 * VS Code's package of an extension: a zip by the Open Packaging Conventions with a
 * manifest, the content types of its files, and the extension below `extension/`.
 */
import { extname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

const contentTypes = {
  '.css': 'text/css',
  '.js': 'application/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.unet': 'text/plain',
  '.vsixmanifest': 'text/xml',
};

/** The earliest time that a zip can hold: the same files always make the same bytes. */
const zipEpoch = new Date(1980, 0, 1);

/** The package of an extension's files, by their paths below its folder; paths are sorted. */
export async function packVsix(manifest, files) {
  const parts = new Map([
    ['extension.vsixmanifest', Buffer.from(renderManifest(manifest, files))],
    ...[...files].map(([path, content]) => [`extension/${path}`, content]),
  ]);
  const all = new Map([
    ['[Content_Types].xml', Buffer.from(renderContentTypes([...parts.keys()]))],
    ...[...parts].sort(([one], [other]) => (one < other ? -1 : 1)),
  ]);
  const zip = new yazl.ZipFile();
  for (const [path, content] of all) {
    zip.addBuffer(content, path, { mtime: zipEpoch, mode: 0o100644, forceDosTimestamp: true });
  }
  zip.end();
  return buffer(zip.outputStream);
}

function renderContentTypes(paths) {
  const extensions = [...new Set(paths.map((path) => extname(path)))].sort();
  const rows = extensions.map((extension) => {
    const type = contentTypes[extension];
    if (type === undefined) throw new Error(`Files "*${extension}" have no content type yet.`);
    return `  <Default Extension="${extension}" ContentType="${type}"/>`;
  });
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">',
    ...rows,
    '</Types>',
    '',
  ].join('\n');
}

function renderManifest(manifest, files) {
  const { name, version, publisher, displayName, description, icon } = manifest;
  const asset = (type, path) =>
    `    <Asset Type="${type}" Path="extension/${asXml(path)}" Addressable="true"/>`;
  const languages = manifest.contributes.languages.flatMap(({ id, extensions }) => [
    id,
    ...extensions.map((extension) => `__ext_${extension.slice(1)}`),
  ]);
  const tags = [...manifest.keywords, ...languages, 'snippet'].join(',');
  const license = [...files.keys()].find((path) => path.startsWith('LICENSE'));
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">',
    '  <Metadata>',
    `    <Identity Language="en-US" Id="${asXml(name)}" Version="${asXml(version)}" Publisher="${asXml(publisher)}"/>`,
    `    <DisplayName>${asXml(displayName)}</DisplayName>`,
    `    <Description xml:space="preserve">${asXml(description)}</Description>`,
    `    <Tags>${asXml(tags)}</Tags>`,
    `    <Categories>${asXml(manifest.categories.join(','))}</Categories>`,
    '    <GalleryFlags>Public</GalleryFlags>',
    '    <Properties>',
    `      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${asXml(manifest.engines.vscode)}"/>`,
    '      <Property Id="Microsoft.VisualStudio.Code.ExtensionDependencies" Value=""/>',
    '      <Property Id="Microsoft.VisualStudio.Code.ExtensionPack" Value=""/>',
    '      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace"/>',
    '      <Property Id="Microsoft.VisualStudio.Code.ExecutesCode" Value="true"/>',
    '    </Properties>',
    `    <License>extension/${asXml(license)}</License>`,
    `    <Icon>extension/${asXml(icon)}</Icon>`,
    '  </Metadata>',
    '  <Installation>',
    '    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>',
    '  </Installation>',
    '  <Dependencies/>',
    '  <Assets>',
    asset('Microsoft.VisualStudio.Code.Manifest', 'package.json'),
    asset('Microsoft.VisualStudio.Services.Content.Details', 'README.md'),
    asset('Microsoft.VisualStudio.Services.Content.Changelog', 'CHANGELOG.md'),
    asset('Microsoft.VisualStudio.Services.Content.License', license),
    asset('Microsoft.VisualStudio.Services.Icons.Default', icon),
    '  </Assets>',
    '</PackageManifest>',
    '',
  ].join('\n');
}

function asXml(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (sign) => entities[sign]);
}
