import { serve } from "./serve.js";

/** What a container runs: `carillon serve` without the rest of the command line. */
await serve(process.env);
