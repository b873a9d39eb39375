import { useId } from "react";
import { ConnectionBadge, CutButton } from "./connection.js";
import { EventLog } from "./event-log.js";
import { InboxList } from "./inbox-list.js";
import type { Session } from "./session.js";
import { useObservable } from "./use-observable.js";

interface UserPanelProps {
  /** null until it is open. */
  readonly session: Session | null;
  readonly userId: string;
  readonly onRename: (name: string) => void;
}

/** One user: connection, badge, inbox and events. */
export function UserPanel({ session, userId, onRename }: UserPanelProps) {
  const heading = useId();
  return (
    <section className="card user" aria-labelledby={heading}>
      <header>
        <h2 id={heading} className="hidden">
          {userId}
        </h2>
        <span className="avatar" aria-hidden="true">
          {userId.slice(0, 1).toUpperCase()}
        </span>
        <NameField userId={userId} onRename={onRename} />
        {session !== null && (
          <>
            <UnreadBadge session={session} />
            <ConnectionBadge client={session.client} />
            <CutButton client={session.client} />
          </>
        )}
      </header>
      {session !== null && (
        <>
          <InboxList inbox={session.inbox} userId={userId} />
          <EventLog history={session.history} userId={userId} />
        </>
      )}
    </section>
  );
}

/** Takes effect on Enter, or when it loses the focus. */
function NameField({ userId, onRename }: Pick<UserPanelProps, "userId" | "onRename">) {
  function apply(input: HTMLInputElement): void {
    const name = input.value.trim();
    if (name === "") input.value = userId;
    else if (name !== userId) onRename(name);
  }
  return (
    <input
      className="name"
      aria-label="User"
      defaultValue={userId}
      maxLength={128}
      spellCheck={false}
      autoComplete="off"
      onBlur={({ currentTarget }) => apply(currentTarget)}
      onKeyDown={({ key, currentTarget }) => {
        if (key === "Enter") apply(currentTarget);
      }}
    />
  );
}

function UnreadBadge({ session }: { readonly session: Session }) {
  const { unreadCount } = useObservable(session.inbox);
  return (
    <span className={unreadCount === 0 ? "badge none" : "badge"}>
      {unreadCount}
      <span className="hidden"> unread</span>
    </span>
  );
}
