// Walks every schema of the document once, by its place and not by a path expression: a member may well be called `type`.
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const JSON_TYPE = /^application\/(.+\+)?json$/;

// What a rule of spectral.yaml asks of a schema: a complaint, or nothing.
const ASKS = {
  maxLength({ schema, is }) {
    const bounded = schema.enum || ["uuid", "date", "date-time", "binary"].includes(schema.format);
    if (is("string") && !bounded && schema.maxLength === undefined) return "a text has no maxLength";
  },
  maxItems({ schema, is }) {
    if (is("array") && schema.maxItems === undefined) return "a list has no maxItems";
    if (is("array") && !schema.items) return "a list does not say of what";
  },
  bounds({ schema, is }) {
    if (!is("integer") && !is("number")) return;
    if (schema.minimum === undefined || schema.maximum === undefined) return "a number has no minimum or no maximum";
    if (is("integer") && !["int32", "int64"].includes(schema.format)) return "an integer is neither int32 nor int64";
  },
  named({ schema, place, is }) {
    const isObject = is("object") || schema.properties || schema.additionalProperties;
    if (isObject && !place.isComponent) return "an object has no name of its own among the components";
    // An order without members tells that it has none.
    if (isObject && !schema.properties && schema.additionalProperties !== false) return "an object does not tell its members";
  },
  plain({ schema }) {
    const found = ["oneOf", "anyOf", "not", "prefixItems", "discriminator"].find((it) => schema[it] !== undefined);
    if (found) return `${found} breaks generated clients: use a flat kind and one optional object per kind`;
    // These make two types of one in some clients, and a form without its password in others.
    const side = ["readOnly", "writeOnly", "nullable"].find((it) => schema[it] !== undefined);
    if (side) return `${side} makes two types of one in generated clients`;
  },
  // Only a patch knows null: it removes. Elsewhere what is not there is left out.
  present({ schema, place, is }) {
    if ((is("null") || schema.enum?.includes(null)) && !place.name?.endsWith("Patch"))
      return "what may be absent is left out, not null: #[schema(nullable = false)] with skip_serializing_if";
  },
  enum({ schema }) {
    if (schema.enum?.some((it) => typeof it !== "string")) return "an enum holds more than texts";
  },
  snake({ schema, place }) {
    const wrong = Object.keys(schema.properties ?? {}).filter((it) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(it));
    if (wrong.length) return `not in snake_case: ${wrong.join(", ")}`;
    if (place.parameter && place.parameter.in !== "header" && !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(place.parameter.name))
      return `not in snake_case: ${place.parameter.name}`;
  },
  typed({ schema }) {
    if (!schema.$ref && !schema.type) return "a schema has no type";
  },
  example({ schema, place, is }) {
    const shown = is("object") && place.isComponent && !/(Page|Patch)$/.test(place.name);
    if (shown && schema.examples === undefined) return "an object has no example";
    const empty = (it) => it === "" || (it && typeof it === "object" && Object.values(it).some(empty));
    if (schema.examples?.some(empty)) return "an example holds an empty text: a member has no example of its own";
  },
};

function walk(schema, path, place, visit) {
  if (!schema || typeof schema !== "object") return;
  visit(schema, path, place);
  const inner = { ...place, isComponent: false, parameter: undefined };
  for (const [name, it] of Object.entries(schema.properties ?? {})) walk(it, [...path, "properties", name], inner, visit);
  for (const key of ["items", "not", "additionalProperties"]) walk(schema[key], [...path, key], inner, visit);
  for (const key of ["allOf", "oneOf", "anyOf", "prefixItems"])
    (schema[key] ?? []).forEach((it, index) => walk(it, [...path, key, index], inner, visit));
}

function all(document, visit) {
  const content = (holder, path) => {
    for (const [type, it] of Object.entries(holder?.content ?? {})) {
      const at = [...path, "content", type, "schema"];
      // A form of parts is no JSON: OpenAPI gives it no other place than here.
      walk(it.schema, at, { isComponent: !JSON_TYPE.test(type), name: type }, visit);
    }
  };
  const parameters = (list, path) =>
    Object.entries(list ?? {}).forEach(([key, it]) => {
      if (!it.$ref) walk(it.schema, [...path, key, "schema"], { parameter: it }, visit);
    });
  const responses = (list, path) =>
    Object.entries(list ?? {}).forEach(([key, it]) => {
      content(it, [...path, key]);
      Object.entries(it.headers ?? {}).forEach(([name, header]) =>
        walk(header.schema, [...path, key, "headers", name, "schema"], {}, visit),
      );
    });
  const components = document.components ?? {};
  for (const [name, it] of Object.entries(components.schemas ?? {}))
    walk(it, ["components", "schemas", name], { isComponent: true, name }, visit);
  parameters(components.parameters, ["components", "parameters"]);
  responses(components.responses, ["components", "responses"]);
  Object.entries(components.headers ?? {}).forEach(([name, it]) =>
    walk(it.schema, ["components", "headers", name, "schema"], {}, visit),
  );
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    parameters(item.parameters, ["paths", path, "parameters"]);
    for (const method of METHODS.filter((it) => item[it])) {
      const at = ["paths", path, method];
      parameters(item[method].parameters, [...at, "parameters"]);
      content(item[method].requestBody, [...at, "requestBody"]);
      responses(item[method].responses, [...at, "responses"]);
    }
  }
}

export default function schemas(document, { ask }) {
  const complaints = [];
  all(document, (schema, path, place) => {
    const is = (type) => schema.type === type || (Array.isArray(schema.type) && schema.type.includes(type));
    const message = ASKS[ask]({ schema, place, is });
    if (message) complaints.push({ message, path });
  });
  return complaints;
}
