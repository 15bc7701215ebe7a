import { Text } from '@mantine/core';
import { Link } from 'react-router';

import classes from '@/features/learn/components/topic-list.module.css';
import { aboutOf, pathOf, type Topic } from '@/features/learn/topics';

interface Props {
  title: string;
  topics: Topic[];
}

/** Links to topics, each with a short description. */
export const TopicList = ({ title, topics }: Props) => (
  <ul className={classes.list} aria-label={title}>
    {topics.map((topic) => {
      const { title: name, lead } = aboutOf(topic);
      return (
        <li key={topic}>
          <Link to={pathOf(topic)} className={classes.topic}>
            <Text className={classes.title}>{name}</Text>
            <Text className={classes.lead}>{lead}</Text>
          </Link>
        </li>
      );
    })}
  </ul>
);
