# Only what runs: the build, its packages, and the doctor. It holds no secret; the configuration is its environment.
# To pin the base image: docker buildx imagetools inspect <name>, then FROM <name>@sha256:<digest>, twice.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
# Owned by root and run by another user: a compromised process cannot change the files that it runs.
COPY --from=build /app/package.json /app/doctor.mjs ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/build ./build
USER node
EXPOSE 3000
# Alive, not ready: a container that waits for its Redis must not be started over and over.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --start-interval=1s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Without a shell or npm in between: the server is process 1 and takes SIGTERM itself.
CMD ["node", "build/server.js"]
