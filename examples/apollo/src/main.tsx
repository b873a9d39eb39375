import { ApolloProvider } from "@apollo/client/react";
import { keepInboxCurrent } from "@carillon/apollo";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { openClient } from "./client.js";
import { Inbox } from "./inbox.js";
import "./style.css";

const userId = new URLSearchParams(location.search).get("userId") ?? "alice";
const { client, transport } = openClient(userId);

// Once, for as long as this user is logged in: every component that shows the inbox is live.
keepInboxCurrent(client, { userId });

const root = document.querySelector("#app");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <ApolloProvider client={client}>
        <Inbox userId={userId} connection={transport.connection} />
      </ApolloProvider>
    </StrictMode>,
  );
}
