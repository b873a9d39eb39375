FROM node:24-alpine AS build
WORKDIR /carillon
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY schema schema
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:24-alpine
WORKDIR /carillon
COPY --from=build /carillon/package.json ./
COPY --from=build /carillon/node_modules node_modules
COPY --from=build /carillon/schema schema
COPY --from=build /carillon/dist dist
# What the program reads beside its code: migrations, example operations, the sandbox's own files.
COPY --from=build /carillon/src/database/migrations src/database/migrations
COPY --from=build /carillon/src/client/operations src/client/operations
COPY --from=build /carillon/src/http/sandbox/operations src/http/sandbox/operations
COPY --from=build /carillon/src/http/sandbox/browser src/http/sandbox/browser
# The development secret and the embedded database, where these are used.
RUN mkdir /data && chown node:node /data
ENV HOST=0.0.0.0 DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD node -e "fetch('http://127.0.0.1:' + (process.env.PORT || 4000) + '/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
# Node.js itself is process 1, so that SIGTERM reaches it.
CMD ["node", "dist/main.js"]
