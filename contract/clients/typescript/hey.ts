// The same with @hey-api/openapi-ts; compiled, never run.
import { client } from "../../out/typescript/hey/client.gen.js";
import { listOrganizations, openSession, patchOrganization } from "../../out/typescript/hey/index.js";
import type { OrganizationCard, OrganizationPatch, Problem } from "../../out/typescript/hey/index.js";

export async function signIn(login: string, password: string): Promise<void> {
  const { data, error } = await openSession({ body: { login, password } });
  if (error) throw new Error((error satisfies Problem).title);
  client.setConfig({ auth: data.access_token });
}

export async function first(): Promise<OrganizationCard | undefined> {
  const { data } = await listOrganizations({ query: { limit: 1, kind: ["ngo"] }, throwOnError: true });
  return data.items[0];
}

export async function forgetInn(id: string, etag: string): Promise<number> {
  const body: OrganizationPatch = { inn: null };
  const { data } = await patchOrganization({ path: { id }, headers: { "If-Match": etag }, body, throwOnError: true });
  return data.version;
}
