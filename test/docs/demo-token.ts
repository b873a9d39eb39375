/** A token of the service's demo. @param who `userId=alice` or `sender=true` */
export async function demoToken(url: string, who: string): Promise<string> {
  const { token } = (await (await fetch(`${url}/demo/token?${who}`)).json()) as { token: string };
  return token;
}
