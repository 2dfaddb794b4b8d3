export default {
  title: 'Soup',
  presets: [['classic', {docs: {routeBasePath: '/'}}]],
};
