import { describeNotifications } from "./behaviour.js";

describeNotifications("PGlite");
