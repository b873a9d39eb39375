FROM node:24-alpine AS build
WORKDIR /carillon
COPY package.json package-lock.json .npmrc ./
COPY src/client/package.json src/client/
COPY src/react/package.json src/react/
COPY src/apollo/package.json src/apollo/
COPY src/urql/package.json src/urql/
COPY src/demo/package.json src/demo/
COPY src/sandbox/package.json src/sandbox/
RUN npm ci
COPY tsconfig.json build.ts ./
COPY schema schema
COPY src src
RUN npm run build

FROM node:24-alpine
WORKDIR /carillon
COPY --from=build /carillon/package.json ./
# The one library that is not part of the program.
COPY --from=build /carillon/node_modules/@electric-sql node_modules/@electric-sql
COPY --from=build /carillon/dist dist
# The development secret and the embedded database, where these are used.
RUN mkdir /data && chown node:node /data
ENV HOST=0.0.0.0 DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD node -e "fetch('http://127.0.0.1:' + (process.env.PORT || 4000) + '/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
# Node.js itself is process 1, so that SIGTERM reaches it.
CMD ["node", "dist/src/server/main.js"]
