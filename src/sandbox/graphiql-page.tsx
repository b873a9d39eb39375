/** The sandbox: GraphiQL with the examples of this API, whose subscriptions resume and continue while another tab is open. */
import { createRoot } from "react-dom/client";
import "graphiql/setup-workers/vite";
import { App, type GraphiqlPageData } from "./app.js";
import { readPageData } from "./page-data.js";

const parse: (json: string) => GraphiqlPageData = JSON.parse;
const root = document.querySelector("#root");
if (root === null) throw new Error("The page has no #root");
createRoot(root).render(<App {...parse(readPageData())} />);
