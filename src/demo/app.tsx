import { useCallback, useState } from "react";
import { createSender } from "./sender.js";
import { SenderForm } from "./sender-form.js";
import { useSession } from "./session.js";
import { UserPanel } from "./user-panel.js";

/** The address says who the two are, so that a second tab shows the same. */
function namesOf(search: string): [string, string] {
  const names = new URLSearchParams(search).getAll("user");
  return [names[0] ?? "alice", names[1] ?? "bob"];
}

/** Two users side by side, and a backend that sends to them. */
export function App() {
  const [names, setNames] = useState(() => namesOf(location.search));
  const [sender] = useState(createSender);
  const [first, second] = names;
  const sessions = [useSession(first), useSession(second)] as const;

  const rename = useCallback((place: 0 | 1, name: string) => {
    setNames(([first, second]) => {
      const names: [string, string] = place === 0 ? [name, second] : [first, name];
      history.replaceState(
        null,
        "",
        `?${new URLSearchParams(names.map((user) => ["user", user])).toString()}`,
      );
      return names;
    });
  }, []);

  return (
    <>
      <header className="top">
        <h1>
          <Bell /> Carillon
        </h1>
        <p>Every event reaches every tab of its user once and in order. See for yourself.</p>
        <nav aria-label="Elsewhere">
          <a href={location.href} target="_blank" rel="noopener">
            Second tab
          </a>
          <a href="/graphql">Sandbox and reference</a>
        </nav>
      </header>
      <main>
        <SenderForm sender={sender} names={names} sessions={sessions} />
        <UserPanel
          key={`1 ${first}`}
          session={sessions[0]}
          userId={first}
          onRename={(name) => rename(0, name)}
        />
        <UserPanel
          key={`2 ${second}`}
          session={sessions[1]}
          userId={second}
          onRename={(name) => rename(1, name)}
        />
      </main>
      <footer>
        <p>
          <strong>What to try.</strong> Cut a user off, send, and let them back in: what they missed arrives
          once, in order. Open a second tab: both share one connection for each user. Stop the server and
          start it again.
        </p>
        <p>
          Written with <code>@carillon/client</code>; the guides are in <code>docs/</code> of the project, the
          reference of the API is in the <a href="/graphql">sandbox</a>.
        </p>
      </footer>
    </>
  );
}

function Bell() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 2a3 3 0 0 1 3 3v.4A9 9 0 0 1 25 14v6l3 4v2H4v-2l3-4v-6a9 9 0 0 1 6-8.600V5a3 3 0 0 1 3-3Z" />
      <circle cx="16" cy="28" r="3" />
    </svg>
  );
}
