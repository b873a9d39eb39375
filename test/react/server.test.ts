import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { CarillonProvider, Inbox, type InboxProps, useClient } from "../../src/react/index.js";

it("renders on a server an inbox that loads, and asks nothing of the network", () => {
  const html = (props: InboxProps): string => renderToString(createElement(App, props));
  expect(html({})).toContain('aria-label="Notifications"');
  expect(html({})).not.toContain("carillon-badge");
  expect(html({ variant: "panel", labels: { loading: "Wird geladen" } })).toContain(
    'aria-label="Wird geladen"',
  );
});

function App(props: InboxProps) {
  const client = useClient({
    url: "/graphql",
    userId: "alice",
    token: () => {
      throw new Error("A token was asked for");
    },
  });
  return createElement(CarillonProvider, { client, children: createElement(Inbox, props) });
}
