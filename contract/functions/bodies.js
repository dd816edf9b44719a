// A JSON body, asked or answered, is a named object; what is asked has an example.
const JSON_TYPE = /^application\/(.+\+)?json$/;

export default function bodies(content, { asked }, { document, path }) {
  const complaints = [];
  const schemas = document.data.components?.schemas ?? {};
  for (const [type, it] of Object.entries(content ?? {})) {
    if (!JSON_TYPE.test(type)) continue;
    const name = it.schema?.$ref?.match(/^#\/components\/schemas\/(.+)$/)?.[1];
    const schema = schemas[name];
    const at = [...path, type];
    if (!schema) complaints.push({ message: "a body does not refer to a schema by $ref", path: at });
    else if (schema.type !== "object") complaints.push({ message: `${name} is no object`, path: at });
    const hasExample = it.example !== undefined || it.examples || schema?.examples?.length;
    // A page is shown by its items.
    const isPage = name?.endsWith("Page") && !asked;
    if (!hasExample && !isPage) complaints.push({ message: `${name ?? "the body"} has no example`, path: at });
  }
  return complaints;
}
