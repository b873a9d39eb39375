import type { z } from "zod";

/** The values of some environment variables, by their names in the configuration. */
export type Section = z.ZodObject<Readonly<Record<string, z.ZodType<unknown, string | undefined>>>>;

/** @param fallback the value when the variable is unset */
export function variable<T, const D>(
  name: string,
  parser: z.ZodType<T, string>,
  fallback: D,
): z.ZodType<T | D, string | undefined> {
  return parser
    .optional()
    .transform((value) => value ?? fallback)
    .meta({ variable: name });
}

/** The input of a section from the environment. An empty variable counts as unset. */
export function inputOf(
  section: Section,
  environment: NodeJS.ProcessEnv,
): Record<string, string | undefined> {
  const entries = Object.entries(section.shape).map(([key, schema]) => {
    const value = environment[nameOf(schema)];
    return [key, value === "" ? undefined : value] as const;
  });
  return Object.fromEntries(entries);
}

/** One line for each variable that is wrong, whatever else is wrong with it. */
export function describeIssues(sections: Readonly<Record<string, Section>>, { issues }: z.ZodError): string {
  const lines = new Map<string, string>();
  for (const { path, message } of issues) {
    const schema = sections[String(path[0])]?.shape[String(path[1])];
    if (schema === undefined) throw new Error(`an issue with no variable: ${path.join(".")}`);
    const name = nameOf(schema);
    if (!lines.has(name)) lines.set(name, `${name} ${message}`);
  }
  return [...lines.values()].join("\n");
}

function nameOf(schema: z.ZodType): string {
  const name = schema.meta()?.["variable"];
  if (typeof name !== "string") throw new Error("a value of the configuration with no variable");
  return name;
}
