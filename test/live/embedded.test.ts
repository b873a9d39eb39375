import { describe } from "vitest";
import { sharedApp } from "../kit/shared-app.js";
import { describeStream } from "./stream.js";

describe("on PGlite and the in-process broker", () => describeStream(sharedApp()));
