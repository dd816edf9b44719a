// The same with orval 8; compiled, never run.
import { openSession } from "../../out/typescript/orval/auth/auth.js";
import { listOrganizations, patchOrganization } from "../../out/typescript/orval/organizations/organizations.js";
import type { OrganizationCard, OrganizationPatch } from "../../out/typescript/orval/model/index.js";

export async function signIn(login: string, password: string): Promise<string> {
  const { data, status } = await openSession({ login, password });
  if (status !== 200) throw new Error(data.title);
  return data.access_token;
}

export async function first(token: string): Promise<OrganizationCard | undefined> {
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await listOrganizations({ limit: 1, kind: ["ngo"] }, { headers });
  return answer.status === 200 ? answer.data.items[0] : undefined;
}

export async function forgetInn(id: string, etag: string): Promise<number> {
  const body: OrganizationPatch = { inn: null };
  const { data, status } = await patchOrganization(id, body, { headers: { "If-Match": etag } });
  if (status === 412) return -1;
  if (status !== 200) throw new Error(data.title);
  return data.version;
}
