#!/usr/bin/env node
import { run } from "./program.js";

/** `carillon`: the command line. */
process.exitCode = await run(process.argv);
