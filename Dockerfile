# Two images from one build: `docker build --target identity .` and `docker build --target gateway .`
ARG NODE_IMAGE=node:26-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY schema schema
COPY client client
COPY cli cli
COPY wire wire
COPY process process
COPY gateway gateway
COPY services services
RUN npm run build

# The image has its own Node, so the locked one (190 MB, an optional dependency) stays out.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional

FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY schema schema
COPY --from=build /app/dist dist
USER node

FROM runtime AS identity
ENV IDENTITY_PORT=4000
EXPOSE 4000
# A core that migrates a large database has no port until it is done; the first good answer ends the start before its time is over.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30m --retries=3 CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.IDENTITY_PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/services/identity/main.js"]

FROM runtime AS gateway
ENV GATEWAY_PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.GATEWAY_PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/gateway/main.js"]
