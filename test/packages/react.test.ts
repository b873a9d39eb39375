import { expect, it } from "vitest";
import { build } from "vite";
import { type Application, checkStrictly, createApplication, installTimeout, pack } from "./application.js";

/** What the README of @carillon/react shows. */
const notifications = `
"use client";
import { CarillonProvider, Inbox, useClient } from "@carillon/react";

const fetchToken = async () => (await (await fetch("/api/carillon-token")).json()).token;

export function Notifications({ userId }: { readonly userId: string }) {
  const client = useClient({ url: "/graphql", userId, token: fetchToken });
  return (
    <CarillonProvider client={client}>
      <Inbox variant="panel" />
    </CarillonProvider>
  );
}
`;

const main = `
import { createRoot } from "react-dom/client";
import "@carillon/react/inbox.css";
import { Notifications } from "./notifications.js";

const root = document.querySelector("main");
if (root !== null) createRoot(root).render(<Notifications userId="alice" />);
`;

/** Asks both packages for values that would not fit if their types were lost. */
const types = `
import { createClient, createInbox, InboxDocument, type Notification } from "@carillon/client";
import { Inbox, useInbox, type InboxProps } from "@carillon/react";

const client = createClient({ url: "/graphql", userId: "alice", token: () => "token" });
export const titles: readonly string[] = createInbox(client).get().notifications.map(({ title }) => title);
export const count: Promise<number> = client
  .request(InboxDocument, { userId: "alice" })
  .then(({ inbox }) => inbox.unreadCount);
export const first = (): Notification | undefined => useInbox().notifications[0];
export const variants: InboxProps["variant"][] = ["panel", "popover"];
// @ts-expect-error There is no such variant.
export const wrong: InboxProps["variant"] = "drawer";
// @ts-expect-error A client needs a user.
createClient({ url: "/graphql", token: () => "token" });
export { Inbox };
`;

const render = `
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { CarillonProvider, Inbox } from "@carillon/react";

console.log(renderToString(createElement(CarillonProvider, { client: null }, createElement(Inbox))));
`;

/** The App Router imports the package from a server component, and from a client component. */
const next = {
  "next.config.mjs": "export default { typescript: { ignoreBuildErrors: true } };",
  "app/layout.jsx":
    'import "@carillon/react/inbox.css";\nexport default ({ children }) => <html><body>{children}</body></html>;',
  "app/page.jsx": `import { CarillonProvider, Inbox } from "@carillon/react";
import { Notifications } from "./notifications";
export default function Page() {
  return <><CarillonProvider client={null}><Inbox /></CarillonProvider><Notifications userId="alice" /></>;
}`,
  "app/notifications.jsx": notifications.replace(": { readonly userId: string }", ""),
};

const isOfReact = (name: string): boolean => ["react", "react-dom", "scheduler"].includes(name);

it(
  "adds at most 10 packages and 3 MB to an application, works in Vite and Next.js, and has strict types",
  { timeout: installTimeout },
  async () => {
    await using application = await createApplication();
    await application.install(
      "react@19",
      "react-dom@19",
      ...(await pack(application.path, ["client", "react"])),
    );

    const added = [...(await application.installed())].filter(([name]) => !isOfReact(name));
    const bytes = added.reduce((sum, [, size]) => sum + size, 0);
    process.stdout.write(
      `@carillon/react adds ${added.length} packages, ${bytes} bytes: ${added.map(([name]) => name).join(", ")}\n`,
    );
    expect(added.length).toBeGreaterThan(1);
    expect(added.length).toBeLessThanOrEqual(10);
    expect(bytes).toBeLessThan(3_000_000);

    expect(await application.node("--input-type=module", "--eval", render)).toContain(
      'aria-label="Notifications"',
    );

    await application.write({
      "src/notifications.tsx": notifications,
      "src/main.tsx": main,
      "src/types.ts": types,
    });
    await application.write({
      "index.html": '<main></main><script type="module" src="/src/main.tsx"></script>',
    });
    const script = await buildPage(application);
    expect(/["'`]node:|sourceMappingURL|fastify|amqp/.exec(script)?.[0]).toBeUndefined();

    // next asks for nothing but React; the types of React are of the project's version.
    await application.install("next@16", "@types/react@19", "@types/react-dom@19");
    await checkStrictly(application);

    await application.write(next);
    await application.node("node_modules/next/dist/bin/next", "build");
    const page = await application.node("--print", "fs.readFileSync('.next/server/app/index.html', 'utf8')");
    expect(page.match(/class="carillon-inbox/g)).toHaveLength(2);
  },
);

it("works in React 18", { timeout: installTimeout }, async () => {
  await using application = await createApplication();
  const react = ["react@18", "react-dom@18", "@types/react@18", "@types/react-dom@18"];
  await application.install(...react, ...(await pack(application.path, ["client", "react"])));

  expect(await application.node("--input-type=module", "--eval", render)).toContain(
    'aria-label="Notifications"',
  );
  await application.write({
    "src/notifications.tsx": notifications,
    "src/main.tsx": main,
    "src/types.ts": types,
  });
  await checkStrictly(application);
  await application.write({
    "index.html": '<main></main><script type="module" src="/src/main.tsx"></script>',
  });
  expect((await buildPage(application)).includes("carillon-inbox")).toBe(true);
});

/** Builds the page with Vite. @returns its script */
async function buildPage({ path }: Application): Promise<string> {
  const output = await build({
    configFile: false,
    root: path,
    logLevel: "silent",
    // Not that of the tests.
    define: { "process.env.NODE_ENV": '"production"' },
    build: { write: false },
  });
  if (!("output" in output)) throw new Error("There is no bundle");
  return output.output.map((file) => (file.type === "chunk" ? file.code : "")).join("\n");
}
