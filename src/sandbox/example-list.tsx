import { type GraphiQLPlugin, pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";

/** A complete operation, ready to be sent. */
export interface Example {
  readonly group: string;
  readonly title: string;
  readonly query: string;
  /** JSON. */
  readonly variables: string;
}

/** The examples by group, as a panel of GraphiQL. */
export function examplesPlugin(examples: readonly Example[]): GraphiQLPlugin {
  return {
    title: "Examples",
    icon: ExamplesIcon,
    content: () => <ExampleList examples={examples} />,
  };
}

function ExampleList({ examples }: { readonly examples: readonly Example[] }) {
  const openExample = useOpenExample();
  const openQuery = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.query);
  return (
    <nav className="examples" aria-label="Examples">
      <h2>Examples</h2>
      <p>Start Watch, then Create: Watch continues in its tab and shows what happened.</p>
      {[...new Set(examples.map(({ group }) => group))].map((group) => (
        <section key={group} aria-label={group}>
          <h3>{group}</h3>
          <ul>
            {examples
              .filter((example) => example.group === group)
              .map((example) => (
                <li key={example.title}>
                  <button
                    type="button"
                    aria-current={example.query === openQuery}
                    onClick={() => openExample(example)}
                  >
                    {example.title}
                  </button>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

/** Opens an example in a tab of its own, or the tab that has it. */
function useOpenExample(): (example: Example) => void {
  const { tabs, activeTabIndex, queryEditor, variableEditor } = useGraphiQL(
    pick("tabs", "activeTabIndex", "queryEditor", "variableEditor"),
  );
  const actions = useGraphiQLActions();
  return ({ query, variables }) => {
    const place = tabs.findIndex((tab) => tab.query === query);
    if (place === -1) {
      actions.addTab();
      queryEditor?.setValue(query);
      variableEditor?.setValue(variables);
      actions.updateActiveTabValues({ query, variables, operationName: null });
    } else if (place !== activeTabIndex) actions.changeTab(place);
    // Where the panel covers the tab.
    if (matchMedia("(width <= 700px)").matches) actions.setVisiblePlugin(null);
  };
}

function ExamplesIcon() {
  return (
    <svg
      viewBox="0 0 24 24"
      height="1em"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      <path strokeLinecap="round" d="M9 6h11M9 12h11M9 18h11" />
      <path strokeLinecap="round" strokeWidth="2.5" d="M4.500 6h0M4.500 12h0M4.500 18h0" />
    </svg>
  );
}
