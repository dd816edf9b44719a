// What a frontend writes with openapi-typescript and openapi-fetch; compiled, never run.
import createClient from "openapi-fetch";
import type { components, paths } from "../../out/typescript/fetch/api.js";

type Problem = components["schemas"]["Problem"];

const client = createClient<paths>({ baseUrl: "https://nastavnik.example.org" });

export async function signIn(login: string, password: string): Promise<string> {
  const { data, error } = await client.POST("/api/v1/auth/login", { body: { login, password } });
  if (error) throw new Error(said(error));
  return data.access_token;
}

export async function names(token: string): Promise<string[]> {
  const headers = { Authorization: `Bearer ${token}` };
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? { limit: 200 } : { limit: 200, cursor };
    const { data, error } = await client.GET("/api/v1/organizations", { params: { query }, headers });
    if (error) throw new Error(said(error));
    found.push(...data.items.map((it) => it.name));
    cursor = data.next_cursor;
  } while (cursor !== undefined);
  return found;
}

export async function forgetInn(id: string, etag: string): Promise<number> {
  const { data, error, response } = await client.PATCH("/api/v1/organizations/{id}", {
    params: { path: { id }, header: { "If-Match": etag } },
    headers: { "Content-Type": "application/merge-patch+json" },
    body: { inn: null, contacts: { phones: ["+73954131522"] } },
  });
  if (response.status === 412) return -1;
  if (error) throw new Error(said(error));
  return data.version;
}

function said(problem: Problem): string {
  const reasons = problem.errors?.map((it) => `${it.pointer ?? ""} ${it.message}`) ?? [];
  return [problem.title, ...reasons].join("\n");
}
