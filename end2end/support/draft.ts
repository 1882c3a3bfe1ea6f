// Preparing reassignments without a browser.

/** Prepares one up to its plan, with the fields of the wizard's first two steps; returns the draft's id. */
export async function prepare(origin: string, cluster: string, goal: Record<string, string>, scope: Record<string, string>): Promise<string> {
  const send = async (name: string, fields: Record<string, string>) => {
    const headers = { origin, accept: "text/html", "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams({ cluster, ...fields });
    const answer = await fetch(`${origin}/do/${name}`, { method: "POST", headers, body, redirect: "manual" });
    const id = /drafts\/([0-9a-f]{32})\//.exec(answer.headers.get("location") ?? "")?.[1];
    if (!id) throw new Error(`${name} led to ${answer.status} ${answer.headers.get("location")}`);
    return id;
  };
  const draft = await send("draft-goal", goal);
  // The disk of a machine that runs tests may be nearly full.
  return send("draft-scope", { draft, headroom: "0", tolerance: "5", ...scope });
}
